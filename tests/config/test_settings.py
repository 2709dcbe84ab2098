import re

from config.embedded_postgres import BASE_DIR, FOLDER_VARIABLE

READ = re.compile(r"""(?:\benv\.\w+\(|os\.environ\.get\()\s*"([A-Z_]+)\"""")
SOURCES = ["config/settings.py", "config/management/commands/serve.py", "config/embedded_postgres.py"]


def test_every_setting_is_described_and_every_described_one_is_read():
    read = {name for source in SOURCES for name in READ.findall((BASE_DIR / source).read_text())}
    table = (BASE_DIR / "docs" / "how-to" / "run.md").read_text().split("## Settings")[1]
    described = {
        name
        for row in table.splitlines()
        if row.startswith("|")
        for name in re.findall(r"`([A-Z_]+)`", row.split("|")[1])
    }
    assert described == read | {FOLDER_VARIABLE}

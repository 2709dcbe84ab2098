import re
from datetime import date

import pytest

from casework.importers import mapping as mappings
from casework.importers.mapping import MappingError
from tests.casework.importers.conftest import PLAIN_MAPPING


def refusal(write_mapping, text: str) -> str:
    path = write_mapping(text)
    with pytest.raises(MappingError) as caught:
        mappings.load(path)
    message = str(caught.value)
    assert message.startswith(f"{path}: ")
    return message.removeprefix(f"{path}: ")


@pytest.mark.parametrize("name", mappings.shipped())
def test_every_mapping_that_comes_with_the_program_loads_under_its_own_name(name):
    assert mappings.load(mappings.SHIPPED / f"{name}.toml").name == name


def test_it_names_the_mappings_that_come_with_the_program_when_the_file_is_not_there(tmp_path):
    with pytest.raises(MappingError, match="comes with the program: detroit, philadelphia"):
        mappings.load(tmp_path / "nowhere.toml")


def test_it_says_where_the_toml_is_broken(write_mapping):
    assert "line 2" in refusal(write_mapping, "[source]\nname = \n")


@pytest.mark.parametrize(
    ("before", "after", "message"),
    [
        ('title = "A plain source"\n', "", "[source], key 'title': is missing"),
        ('name = "plain"', 'name = "Plain City"', "[source], key 'name': must be small letters"),
        ('column = "Kind"', 'colunm = "Kind"', "[allegation.category], key 'column': is missing"),
        ("[allegation]\n", '[allegation]\nfindign = "x"\n', "[allegation], key 'findign': is not known here"),
        ("[allegation]\n", '[allegation]\nfindign = "x"\n', "Did you mean 'finding'?"),
        ('closed_by = "closing_date"', 'closed_by = "magic"', "[state], key 'closed_by': must be one of"),
        ("maximum = 110", 'maximum = "old"', "[complainant.age], key 'maximum': must be a whole number"),
        ("maximum = 110", "maximum = true", "[complainant.age], key 'maximum': must be a whole number"),
        ('codes = "channel"', 'codes = "chanel"', "there is no code list 'chanel'; known are 'channel'"),
        ('email = [] }', 'email = "telephone" }', "[codes.channel], key 'email': the spelling 'telephone' already"),
        ('formats = "%Y-%m-%d"', 'formats = "%Y-%m"', "[complaint.closed_on], key 'formats': '%Y-%m' does not hold"),
        ('formats = "%Y-%m-%d"', 'formats = "%Q"', "[complaint.closed_on], key 'formats': '%Q' is not a date format"),
        ('code = "sustained"', 'code = "sustained"\nsince = "2018"', "[findings 1], key 'since': must be a date"),
        ('code = "sustained"', 'code = "sustained"\nopen = true', "[findings 1], key 'open': a finding that is still"),
        ('source = "Open"', 'source = "SUSTAINED"', "[findings 2], key 'source': 'SUSTAINED' would mean two things"),
        ('holds = ["complaints", "allegations"]', 'holds = "complaints"', "key 'files': no file holds the allegations"),
        ('holds = ["complaints", "allegations"]', 'holds = "people"', "[files 1], key 'holds': must be one or both of"),
        ('reference = "Number"', 'reference = []', "[files 1], key 'reference': must name at least one column"),
        ('reference = "Number"', 'reference = "Number"\ndelimiter = ";;"', "key 'delimiter': must be one character"),
        ('reference = "Number"', 'reference = "Number"\nencoding = "utf-16"', "key 'encoding': must be one of"),
        ('received_on = { column = "Received", formats = ["%Y-%m-%d", "%m/%d/%Y"] }\n', "", "received_on': is missing"),
        ("closed_on = {", "district = {", "[complaint.district], key 'formats': is not known here"),
        ('closed_on = { column = "Closed", formats = "%Y-%m-%d" }\n', "", "'closing_date' needs the field"),
    ],
)  # fmt: skip
def test_it_refuses_a_faulty_mapping_and_says_which_key_is_wrong(write_mapping, before, after, message):
    assert PLAIN_MAPPING.count(before) == 1
    assert message in refusal(write_mapping, PLAIN_MAPPING.replace(before, after))


def test_two_meanings_of_one_finding_may_follow_each_other_in_time(write_mapping):
    text = PLAIN_MAPPING.replace('code = "sustained"', 'code = "sustained"\nuntil = 2018-05-01')
    text += '[[findings]]\nsource = "sustained"\ncode = "unfounded"\nsince = 2018-05-01\n'
    finding = mappings.load(write_mapping(text)).allegation.finding
    assert finding.read("Sustained", on=date(2018, 4, 30))[0].code == "sustained"
    assert finding.read("Sustained", on=date(2018, 5, 1))[0].code == "unfounded"


def test_two_meanings_of_one_finding_on_one_day_are_refused(write_mapping):
    text = PLAIN_MAPPING.replace('code = "sustained"', 'code = "sustained"\nuntil = 2018-05-02')
    text += '[[findings]]\nsource = "sustained"\ncode = "unfounded"\nsince = 2018-05-01\n'
    assert "would mean two things on one day" in refusal(write_mapping, text)


def test_each_file_is_asked_for_the_columns_of_what_it_holds(plain):
    assert plain.files[0].columns == set(re.findall(r'column = "(\w+)"', PLAIN_MAPPING)) | {"Number"}

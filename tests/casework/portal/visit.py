"""What a member of the public does in a browser without scripts, in Spanish."""

import re

from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from django.utils import translation

PNG = bytes.fromhex(
    "89504e470d0a1a0a0000000d49484452000000010000000108060000001f15c4890000000d49444154789c6360000002000001e221bc330000000049454e44ae426082"
)


def address(name, *args):
    """Return the Spanish address of a page of the portal."""
    with translation.override("es"):
        return reverse(f"portal:{name}", args=args)


def fill_in(client, answers):
    """Answer questions, each of which must be accepted."""
    for code, given in answers:
        response = client.post(address("question", code), given)
        assert response.status_code == 302, (code, response.context["form"].errors)
    return response


def send(client):
    """Send the complaint, and return code and secret as the receipt shows them."""
    client.post(address("check"))
    page = client.get(address("sent")).content.decode()
    code = re.search(r'id="track-code">([^<]+)<', page).group(1)
    secret = re.search(r'id="secret">([^<]+)<', page).group(1)
    return code, secret


def follow(code, secret):
    """Open a complaint with code and secret in a browser of its own."""
    client = Client()
    assert client.post(address("track"), {"code": code, "secret": secret}).url == address("complaint")
    return client


def upload(name, content):
    """Return a file as a form sends it."""
    return SimpleUploadedFile(name, content)

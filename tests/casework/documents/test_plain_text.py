import pytest

from casework.documents.plain_text import WIDTH, UnknownElement, plain_text


def test_headings_are_underlined_and_paragraphs_stand_apart():
    assert plain_text("<h1>We have it</h1><p>Hello,</p><h2>What next</h2>") == (
        "We have it\n==========\n\nHello,\n\nWhat next\n---------\n"
    )


def test_lists_are_marked_and_numbered():
    markup = "<ul><li>one</li><li>two</li></ul><p>Then:</p><ol><li><b>By June</b><br>three</li><li>four</li></ol>"
    assert plain_text(markup) == "- one\n- two\n\nThen:\n\n1. By June\n   three\n2. four\n"


def test_quotations_are_indented():
    assert plain_text("<p>The rule:</p><blockquote><p>Keep your distance.</p></blockquote>") == (
        "The rule:\n\n    Keep your distance.\n"
    )


def test_lines_are_wrapped_but_an_address_is_never_broken():
    address = "https://complaints.example.org/" + "a" * 80
    lines = plain_text(f"<p>{'word ' * 40}</p><p>{address}</p>").splitlines()
    assert all(len(line) <= WIDTH for line in lines if line != address)
    assert address in lines


def test_escaped_signs_come_back_as_they_were_typed():
    assert plain_text("<p>&lt;b&gt; &amp; &quot;you&quot;</p>") == '<b> & "you"\n'


def test_pictures_are_left_out_with_all_that_is_in_them():
    assert plain_text('<svg><title>QR</title><path d="M0 0"/></svg><p>Proof</p>') == "Proof\n"


def test_an_element_without_a_form_is_refused_rather_than_lost():
    with pytest.raises(UnknownElement, match="<table>"):
        plain_text("<table><tr><td>1</td></tr></table>")

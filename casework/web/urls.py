"""Addresses of the office's pages, under /staff/."""

from django.urls import path

from casework.documents.receipts import FORMS
from casework.web import (
    allegations,
    cases,
    conversation,
    decisions,
    evidence,
    filing,
    imported,
    letters,
    moves,
    notices,
    people,
    receipts,
    work,
)

app_name = "staff"

urlpatterns = [
    path("", work.my_work, name="my_work"),
    path("news/", notices.news, name="news"),
    path("news/read/", notices.read_all, name="read_news"),
    path("cases/", work.cases, name="cases"),
    path("cases/export/", work.export, name="export_cases"),
    path("imported/", imported.imported, name="imported"),
    path("imported/<str:number>/take-up/", imported.take_up, name="take_up"),
    path("cases/new/", filing.new_case, name="new_case"),
    path("cases/<str:number>/", cases.summary, name="case"),
    path("cases/<str:number>/classify/", cases.classify, name="classify"),
    path("cases/<str:number>/moves/<slug:move>/", moves.move, name="move"),
    path("cases/<str:number>/proposals/<int:proposal>/", moves.answer_proposal, name="proposal"),
    path("cases/<str:number>/allegations/", allegations.grid, name="allegations"),
    path("cases/<str:number>/allegations/add/", allegations.add_allegation, name="add_allegation"),
    path("cases/<str:number>/allegations/<int:allegation>/", allegations.worksheet, name="worksheet"),
    path("cases/<str:number>/allegations/<int:allegation>/recommend/", allegations.recommend, name="recommend"),
    path("cases/<str:number>/people/", people.people_list, name="people"),
    path("cases/<str:number>/people/add/", people.add_party, name="add_party"),
    path("cases/<str:number>/people/<int:party>/identity/", people.open_identity, name="identity"),
    path("cases/<str:number>/officers/add/", allegations.add_officer, name="add_officer"),
    path("cases/<str:number>/officers/<int:officer>/identify/", allegations.identify_officer, name="identify_officer"),
    path("cases/<str:number>/evidence/", evidence.evidence_list, name="evidence"),
    path("cases/<str:number>/evidence/add/", evidence.add_evidence, name="add_evidence"),
    path("cases/<str:number>/evidence/recordings/", evidence.preserve, name="preserve"),
    path("cases/<str:number>/evidence/recordings/<int:asked>/", evidence.preservation_answer, name="preservation"),
    path("cases/<str:number>/evidence/<int:item>/", evidence.item, name="evidence_item"),
    path("cases/<str:number>/evidence/<int:item>/file/", evidence.file, name="evidence_file"),
    path("cases/<str:number>/notes/", conversation.notes, name="notes"),
    path("cases/<str:number>/notes/<int:note>/strike/", conversation.strike_note, name="strike_note"),
    path("cases/<str:number>/messages/", conversation.messages, name="messages"),
    path("cases/<str:number>/messages/send/", conversation.send_message, name="send_message"),
    path("cases/<str:number>/messages/update/", conversation.send_update, name="send_update"),
    path("cases/<str:number>/messages/contact/", conversation.log_contact, name="log_contact"),
    path("cases/<str:number>/notices/", notices.case_notices, name="notices"),
    path("cases/<str:number>/notices/<int:notice>/repeat/", notices.repeat, name="repeat_notice"),
    path("cases/<str:number>/letters/", letters.letter_list, name="letters"),
    path("cases/<str:number>/letters/<int:letter>/", letters.letter, name="letter"),
    path("cases/<str:number>/letters/<int:letter>/prepare/", letters.prepare, name="prepare_letter"),
    path("cases/<str:number>/letters/<int:letter>/approve/", letters.approve, name="approve_letter"),
    path("cases/<str:number>/letters/<int:letter>/send/", letters.send, name="send_letter"),
    path("cases/<str:number>/letters/<int:letter>/mail/", letters.mail_again, name="mail_letter_again"),
    path("cases/<str:number>/letters/<int:letter>/file/", letters.letter_file, name="letter_file"),
    path("cases/<str:number>/letters/<int:letter>/print/", letters.letter_print, name="print_letter"),
    *(
        path(f"cases/<str:number>/letters/<int:letter>/{act}/", letters.afterwards, {"act": act}, name=f"letter_{act}")
        for act in letters.AFTERWARDS
    ),
    path("cases/<str:number>/report/", cases.report, name="report"),
    path("cases/<str:number>/packet/", cases.packet, name="packet"),
    path("cases/<str:number>/packet/build/", cases.build_packet, name="build_packet"),
    path("cases/<str:number>/packet/check/", cases.check_packet, name="check_packet"),
    path("cases/<str:number>/receipts/", receipts.receipt_list, name="receipts"),
    *(
        path(f"cases/<str:number>/receipts/<int:n>.{form}", receipts.receipt_file, {"form": form}, name="receipt")
        for form in FORMS
    ),
    path("cases/<str:number>/timeline/", cases.timeline, name="timeline"),
    path("cases/<str:number>/access/", people.access, name="access"),
    path("cases/<str:number>/access/declare/", people.declare, name="declare"),
    path("cases/<str:number>/access/assign/", people.assign, name="assign"),
    path("cases/<str:number>/access/<int:assignment>/end/", people.unassign, name="unassign"),
    path("cases/<str:number>/decision/", decisions.overview, name="decision"),
    path("cases/<str:number>/decision/<int:allegation>/", decisions.decide, name="decide"),
    path("cases/<str:number>/decision/<int:allegation>/discipline/", decisions.discipline, name="discipline"),
    path("cases/<str:number>/tell-board/", cases.tell_board, name="tell_board"),
]

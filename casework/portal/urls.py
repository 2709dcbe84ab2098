"""Addresses of the public side; each carries its language, and none carries a code."""

from django.urls import path

from casework.documents.receipts import FORMS
from casework.portal import complaint, receipts, tracking

app_name = "portal"
urlpatterns = [
    path("complaint/", complaint.start, name="start"),
    path("complaint/question/<slug:code>/", complaint.question, name="question"),
    path("complaint/files/", complaint.files, name="files"),
    path("complaint/tasks/", complaint.tasks, name="tasks"),
    path("complaint/saved/", complaint.saved, name="saved"),
    path("complaint/new-code/", complaint.new_code, name="new_code"),
    path("complaint/leave/", complaint.leave, name="leave"),
    path("complaint/continue/", complaint.resume, name="resume"),
    path("complaint/check/", complaint.check, name="check"),
    path("complaint/sent/", complaint.sent, name="sent"),
    *(
        path(f"complaint/sent/receipt.{form}", receipts.first_receipt, {"form": form}, name="first_receipt")
        for form in FORMS
    ),
    path("track/", tracking.track, name="track"),
    path("track/complaint/", tracking.complaint, name="complaint"),
    path("track/complaint/message/", tracking.write, name="write"),
    path("track/complaint/file/", tracking.add_file, name="add_file"),
    path("track/complaint/withdraw/", tracking.withdraw, name="withdraw"),
    path("track/complaint/letters/<int:pk>/", tracking.letter, name="letter"),
    path("track/complaint/letters/<int:pk>/file/", tracking.letter_file, name="letter_file"),
    path("track/complaint/letters/<int:pk>/text/", tracking.letter_text, name="letter_text"),
    path("track/complaint/receipts/", receipts.receipts, name="receipts"),
    *(
        path(f"track/complaint/receipts/<int:n>.{form}", receipts.receipt_file, {"form": form}, name="receipt")
        for form in FORMS
    ),
    path("track/close/", tracking.close, name="close"),
]

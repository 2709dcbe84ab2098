"""Addresses of the public log, under /log/."""

from django.urls import path

from audit import pages, web

app_name = "log"
urlpatterns = [
    path("", pages.front, name="front"),
    path("checkpoints/", pages.checkpoint_list, name="checkpoints"),
    path("verify/", pages.verify, name="verify"),
    path("since/<int:size>.json", web.since, name="since"),
    path("checkpoint", web.checkpoint, name="checkpoint"),
    path("checkpoint/<int:size>", web.checkpoint_of, name="checkpoint_of"),
    path("stamp/<int:size>.tsr", web.stamp, name="stamp"),
    path("cosignatures", web.cosignatures, name="cosignatures"),
    path("key", web.key, name="key"),
    path("verify_receipt.py", web.verifier, name="verifier"),
    path("tile/<int:level>/<path:place>", web.tile, name="tile"),
]

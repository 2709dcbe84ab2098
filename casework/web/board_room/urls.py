"""Addresses of the board room, under /board/."""

from django.urls import path

from casework.web.board_room import packet, panel, reviews, votes

app_name = "board"

urlpatterns = [
    path("", reviews.reviews, name="reviews"),
    path("<str:number>/", packet.packet, name="packet"),
    path("<str:number>/items/<int:item>/", packet.item, name="item"),
    path("<str:number>/panel/", panel.panel, name="panel"),
    path("<str:number>/panel/draw/", panel.draw, name="draw"),
    path("<str:number>/panel/declare/", panel.declare, name="declare"),
    path("<str:number>/panel/step-aside/", panel.step_aside, name="step_aside"),
    path("<str:number>/votes/", votes.roll_call, name="votes"),
    path("<str:number>/votes/send-back/", votes.vote_to_send_back, name="vote_to_send_back"),
    path("<str:number>/votes/<int:allegation>/", votes.vote, name="vote"),
    path("<str:number>/votes/<int:allegation>/close/", votes.close, name="close_vote"),
    path("<str:number>/votes/<int:allegation>/reasons/", votes.reasons, name="reasons"),
]

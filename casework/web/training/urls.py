"""Addresses of the pages of training, under /staff/training/."""

from django.urls import path

from casework.web.training import courses, figures, members, panel, sessions

app_name = "training"
urlpatterns = [
    path("", sessions.overview, name="overview"),
    path("mine/", members.mine, name="mine"),
    path("mine/<str:chapter>/<str:version>/", members.confirm, name="confirm"),
    path("courses/add/", courses.add, name="add_course"),
    path("courses/<str:course>/", courses.course, name="course"),
    path("courses/<str:course>/publish/", courses.publish, name="publish"),
    path("panel/", panel.panel, name="panel"),
    path("panel/<int:member>/leave/", panel.leave, name="leave_panel"),
    path("panel/recommend/", panel.recommend, name="recommend"),
    path("panel/recommendations/<int:recommendation>/", panel.answer_recommendation, name="answer"),
    path("sessions/add/", sessions.add, name="add_session"),
    path("sessions/<str:session>/", sessions.session, name="session"),
    path("sessions/<str:session>/import/", sessions.import_attendance, name="import_attendance"),
    path("sessions/<str:session>/people/", sessions.record_person, name="record_person"),
    path("sessions/<str:session>/costs/", sessions.costs, name="costs"),
    path("sessions/<str:session>/correct/<int:attendance>/", sessions.correct, name="correct"),
    path("members/<str:badge>/", members.member, name="member"),
    path("members/<str:badge>/excuse/", members.excuse, name="excuse"),
    path("compliance/", figures.compliance, name="compliance"),
    path("compliance/table/", figures.compliance_table, name="compliance_table"),
    path("hours/", figures.hours_page, name="hours"),
    path("hours/file/", figures.hours_file, name="hours_file"),
]

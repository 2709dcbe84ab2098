from django.apps import AppConfig


class PolicyRulesConfig(AppConfig):
    name = "policy_rules"

"""Every way of writing to a case: each verb takes `by`, asks for its permission first and records the act last."""

"""Concept models: small adapters (LoRA, DoRA) beside the base model's weights."""

"""What people see: owner pages, manager pages, components, styles and printouts. No models, no rules."""

"""/postvak: in the demo, every mail as it would be sent."""

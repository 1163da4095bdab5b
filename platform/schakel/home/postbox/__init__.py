"""/postvak: in the demo, every mail as it would have left."""

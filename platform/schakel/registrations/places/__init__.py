"""Room as counters: claiming, releasing, and the lines behind full pools."""

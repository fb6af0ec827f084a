"""How a network learns: losses, optimisers, schedules, the network, its trainer and its probe."""

"""The service: rounds for weeks on end, each in a process of its own, which contains what it leaks and where it hangs.

The process that stays imports next to nothing; what a round needs is imported by the process that does it
(`daemon.service.work`), and goes with it. Nothing is kept in memory that a kill could lose: the state is on the disk.
"""

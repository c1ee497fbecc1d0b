#ifndef ORRERY_ALLOCATION_COUNTER_H
#define ORRERY_ALLOCATION_COUNTER_H

/// Whether allocations of this program can be counted: on Linux with the GNU C library.
int orrery_counts_allocations(void);

/// The number of allocations of this thread since it began.
long orrery_allocations(void);

#endif

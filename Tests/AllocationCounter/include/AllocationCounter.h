#ifndef ORRERY_ALLOCATION_COUNTER_H
#define ORRERY_ALLOCATION_COUNTER_H

/// Whether allocations of this program can be counted: on Linux with the GNU C library.
int orrery_counts_allocations(void);

/// The number of allocations of this thread since it began.
long orrery_allocations(void);

/// Bytes that this thread has taken and not given back; less than 0 where it gave back what others took.
long orrery_live_bytes(void);

/// The most of them since the thread began, or since the peak was reset.
long orrery_peak_bytes(void);
void orrery_reset_peak(void);

#endif

// Stands before the C library's allocator in the test program, and counts what passes through.

#include "AllocationCounter.h"

#include <stddef.h>

#if defined(__linux__)
#include <features.h>
#endif

#if defined(__GLIBC__)
#include <errno.h>
#include <malloc.h>

// Of each thread: other tests of the program run beside.
static __thread long count;
static __thread long live;
static __thread long peak;

extern void *__libc_malloc(size_t);
extern void *__libc_calloc(size_t, size_t);
extern void *__libc_realloc(void *, size_t);
extern void *__libc_memalign(size_t, size_t);
extern void __libc_free(void *);

static void *one(void *memory) {
  count++;
  if (memory) live += (long)malloc_usable_size(memory);
  if (live > peak) peak = live;
  return memory;
}

void *malloc(size_t size) { return one(__libc_malloc(size)); }
void *calloc(size_t number, size_t size) { return one(__libc_calloc(number, size)); }

void *realloc(void *memory, size_t size) {
  if (memory) live -= (long)malloc_usable_size(memory);
  return one(__libc_realloc(memory, size));
}

void *memalign(size_t alignment, size_t size) { return one(__libc_memalign(alignment, size)); }
void *aligned_alloc(size_t alignment, size_t size) { return one(__libc_memalign(alignment, size)); }

int posix_memalign(void **result, size_t alignment, size_t size) {
  void *memory = one(__libc_memalign(alignment, size));
  if (!memory) return ENOMEM;
  *result = memory;
  return 0;
}

void free(void *memory) {
  if (memory) live -= (long)malloc_usable_size(memory);
  __libc_free(memory);
}

int orrery_counts_allocations(void) { return 1; }
long orrery_allocations(void) { return count; }
long orrery_live_bytes(void) { return live; }
long orrery_peak_bytes(void) { return peak; }
void orrery_reset_peak(void) { peak = live; }
#else
int orrery_counts_allocations(void) { return 0; }
long orrery_allocations(void) { return 0; }
long orrery_live_bytes(void) { return 0; }
long orrery_peak_bytes(void) { return 0; }
void orrery_reset_peak(void) {}
#endif

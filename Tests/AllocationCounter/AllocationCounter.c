// Stands before the C library's allocator in the test program, and counts what passes through.

#include "AllocationCounter.h"

#include <stddef.h>

#if defined(__linux__)
#include <features.h>
#endif

#if defined(__GLIBC__)
#include <errno.h>

// Of each thread: other tests of the program run beside.
static __thread long count;

extern void *__libc_malloc(size_t);
extern void *__libc_calloc(size_t, size_t);
extern void *__libc_realloc(void *, size_t);
extern void *__libc_memalign(size_t, size_t);

static void one(void) { count++; }

void *malloc(size_t size) {
  one();
  return __libc_malloc(size);
}

void *calloc(size_t number, size_t size) {
  one();
  return __libc_calloc(number, size);
}

void *realloc(void *memory, size_t size) {
  one();
  return __libc_realloc(memory, size);
}

void *memalign(size_t alignment, size_t size) {
  one();
  return __libc_memalign(alignment, size);
}

void *aligned_alloc(size_t alignment, size_t size) {
  one();
  return __libc_memalign(alignment, size);
}

int posix_memalign(void **result, size_t alignment, size_t size) {
  one();
  void *memory = __libc_memalign(alignment, size);
  if (!memory) return ENOMEM;
  *result = memory;
  return 0;
}

int orrery_counts_allocations(void) { return 1; }
long orrery_allocations(void) { return count; }
#else
int orrery_counts_allocations(void) { return 0; }
long orrery_allocations(void) { return 0; }
#endif

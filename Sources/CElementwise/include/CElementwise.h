#pragma once
// Placeholder: the vector kernels' C interface.
int orrery_instruction_set(void);

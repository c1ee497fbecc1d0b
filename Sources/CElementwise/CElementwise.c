#include "CElementwise.h"
int orrery_instruction_set(void) { return 0; }

// The system's SQLite, and names for what Swift can't spell: macros that cast a number to a function pointer.
#pragma once
#include <sqlite3.h>

/// The bytes are copied by SQLite before the call returns.
static inline sqlite3_destructor_type csqlite_transient(void) { return SQLITE_TRANSIENT; }

/// Lets migrations change the schema's own text, which some systems forbid unless they are asked.
static inline int csqlite_allow_schema_changes(sqlite3 *handle) {
  return sqlite3_db_config(handle, SQLITE_DBCONFIG_DEFENSIVE, 0, (int *)0);
}

/// Stops counting every allocation under a lock; nobody asks for the count. Before the first connection only.
static inline int csqlite_without_statistics(void) { return sqlite3_config(SQLITE_CONFIG_MEMSTATUS, 0); }

### The demo database.

error-demo_loopback_only = The demo opens on addresses of this computer only
error-demo_not_empty = This database has data already: { $database }. Name an empty one for the demo
error-bench_not_empty = This database has data already. Name an empty one: kontor bench fills it

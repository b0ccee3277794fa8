### The demo database.

error-demo_loopback_only = Демонстрація відкривається лише на адресах цього комп’ютера
error-demo_not_empty = У цій базі вже є дані: { $database }. Для демонстрації вкажіть порожню базу
error-bench_not_empty = У цій базі вже є дані. Вкажіть порожню: kontor bench її наповнює

### The demo database.

error-demo_loopback_only = Демонстрация открывается только на адресах этого компьютера
error-demo_not_empty = В этой базе уже есть данные: { $database }. Для демонстрации укажите пустую базу
error-bench_not_empty = В этой базе уже есть данные. Укажите пустую: kontor bench её наполняет

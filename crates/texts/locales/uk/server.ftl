### What the command line refuses.

error-backup_broken = Резервну копію пошкоджено: рядок { $line }
error-config_unreadable = Файл налаштувань не читається: { $file }
error-folder_unwritable = Не вдається писати в теку { $folder }: перевірте права та місце
error-listen_failed = Не вдається відкрити адресу { $address }: чи не зайнята вона іншою програмою?
error-restore_not_empty = Відновлювати можна лише в порожню базу
error-tls_needs_both = Потрібні і сертифікат, і ключ до нього
error-tls_file_unreadable = Файл { $file } не підходить для HTTPS
error-bad_url = Це не адреса сервера: { $value }

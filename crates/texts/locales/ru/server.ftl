### What the command line refuses.

error-backup_broken = Резервная копия повреждена: строка { $line }
error-config_unreadable = Файл настроек не читается: { $file }
error-folder_unwritable = Не удаётся писать в папку { $folder }: проверьте права и место
error-listen_failed = Не удаётся открыть адрес { $address }: не занят ли он другой программой?
error-restore_not_empty = Восстанавливать можно только в пустую базу
error-tls_needs_both = Нужны и сертификат, и ключ к нему
error-tls_file_unreadable = Файл { $file } не подходит для HTTPS
error-bad_url = Это не адрес сервера: { $value }

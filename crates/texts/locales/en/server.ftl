### What the command line refuses.

error-backup_broken = The backup is damaged at line { $line }
error-config_unreadable = The settings file cannot be read: { $file }
error-folder_unwritable = Cannot write to the folder { $folder }: check rights and free space
error-listen_failed = Cannot open the address { $address }: is another program using it?
error-restore_not_empty = Only an empty database can be restored into
error-tls_needs_both = Give both the certificate and its key
error-tls_file_unreadable = The file { $file } cannot be used for HTTPS
error-bad_url = This is not the address of a server: { $value }

### Import and export of files.
error-number_ambiguous = “{ $value }” can be read in two ways. Write the number without a group separator
error-import_stayed = { $count ->
        [one] { $count } record could not be taken back
       *[other] { $count } records could not be taken back
    }: others rest on them
error-job_cancelled = The import was stopped
error-job_lost = Another process has taken over this import
error-import_interrupted = Interrupted: its process ended before its time. Unless it was partial, what it had written is taken back
import-progress-checking = Checking: { $what }, { $done } of { $total }
import-progress-writing = Writing: { $what }, { $done } of { $total }

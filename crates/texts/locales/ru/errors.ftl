error-invalid = x

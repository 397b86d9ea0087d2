;;; connector-mode.el --- Connectors for connrun -*- lexical-binding: t -*-

;; Version: 0.1.0
;; Package-Requires: ((emacs "28.1") (eglot "1.9"))
;; Keywords: languages

;;; Commentary:

;; A mode for `.conn' files.  The text reads as Ruby; the language server is
;; `connrun lsp', started by `M-x eglot' or `eglot-ensure'.

;;; Code:

(require 'ruby-mode)

;;;###autoload
(define-derived-mode connector-mode ruby-mode "Connector"
  "Major mode for connectors of connrun.")

;;;###autoload
(add-to-list 'auto-mode-alist '("\\.conn\\'" . connector-mode))

(defvar eglot-server-programs)
(with-eval-after-load 'eglot
  (add-to-list 'eglot-server-programs '(connector-mode . ("connrun" "lsp"))))

(provide 'connector-mode)
;;; connector-mode.el ends here

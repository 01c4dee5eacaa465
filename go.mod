module github.com/pantomime-dev/pantomime

go 1.26

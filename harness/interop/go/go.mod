module github.com/pantomime-dev/pantomime/harness/interop/go

go 1.26

require (
	github.com/mastercard/client-encryption-go v1.3.0
	github.com/mastercard/oauth1-signer-go v1.2.3
)

require (
	github.com/Jeffail/gabs/v2 v2.6.1 // indirect
	golang.org/x/crypto v0.17.0 // indirect
)

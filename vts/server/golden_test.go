package server_test

import (
	"testing"

	"github.com/pantomime-dev/pantomime/internal/stage"
)

// forms are what golden files name instead of showing.
var forms = []stage.Form{
	stage.NewForm(`"eyJ[\w-]+\.[\w-]{43}\.[\w-]{16}\.[\w-]{38}\.[\w-]{22}"`, `"<JWE of 28 bytes>"`),
	stage.NewForm(`"[0-9a-f]{32}"`, `"<32 hex digits>"`),
	stage.NewForm(`"last4": "[0-9]{4}"`, `"last4": "<4 digits>"`),
	stage.NewForm(`"DNITHE[0-9]{18}"`, `"<DNITHE and 18 digits>"`),
	stage.NewForm(`"V001[A-Z0-9]{25}"`, `"<PAR>"`),
	stage.NewForm(`"Ag[A-Za-z0-9+/]{25}="`, `"<TAVV>"`),
	stage.NewForm(`"[A-Za-z0-9+/=]{200,}"`, `"<base64>"`),
	stage.NewForm(`"payload": "eyJ[\w-]{100,200}"`, `"payload": "<base64url of an object>"`),
}

func golden(t testing.TB, name string, body []byte) {
	t.Helper()
	stage.Golden(t, forms, name, body)
}

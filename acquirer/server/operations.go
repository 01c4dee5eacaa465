package server

import (
	"github.com/pantomime-dev/pantomime/acquirer"
	"github.com/pantomime-dev/pantomime/simulator/face"
	"github.com/pantomime-dev/pantomime/simulator/sandbox"
	"github.com/pantomime-dev/pantomime/wire"
)

type row = face.Row[wire.Route, *request, sandbox.Effect, *refusal]

// operations has a row for each operation (docs/wire/acquirer.md "Operations").
var operations = []row{
	{Route: acquirer.RouteAuthorize, Read: readAuthorize, Effect: sandbox.EffectAuthorize, Answer: answerAuthorize},
}

package server

import (
	"strconv"

	"github.com/pantomime-dev/pantomime/mdes"
	"github.com/pantomime-dev/pantomime/token"
)

// hosts are the network's own responseHost by environment
// (docs/wire/mdes.md "Conventions"). They are what the wire shows; nothing
// here calls them.
var hosts = map[mdes.Environment]string{
	mdes.Sandbox:    "site.1.sample.service.mastercard.com",
	mdes.MTF:        "stl.services.mastercard.com/mtf/mdes",
	mdes.Production: "stl.services.mastercard.com/mdes",
}

// responseHost is "" for the two operations that answer without one.
func (r *request) responseHost() string {
	if r.row.Route.Op == token.MCTransact || r.row.Route.Op == token.MCGetToken {
		return ""
	}
	return hosts[r.env]
}

// responseID is the request's own id or, for transact and where none could be
// read, a new one (docs/wire/mdes.md "Conventions"). It derives from what the
// step counted, so that it is the same in every run of a story.
func (r *request) responseID() string {
	switch {
	case r.row.Route.Op != token.MCTransact && r.requestID != "":
		return r.requestID
	case r.World == nil:
		return ""
	case r.result.Entity != "":
		return r.derived("response", r.result.Entity, strconv.FormatUint(uint64(r.result.EntitySeq), 10))
	}
	return r.derived("refusal", r.server.correlationID())
}

func (r *request) derived(path ...string) string {
	if r.account == nil {
		return r.World.Derive(idPath[:]...).UUID(path...)
	}
	return r.account.ids.UUID(path...)
}

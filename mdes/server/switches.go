package server

import (
	"cmp"
	"net/http"

	"github.com/pantomime-dev/pantomime/mdes"
	"github.com/pantomime-dev/pantomime/scenarios"
	"github.com/pantomime-dev/pantomime/simulator/sandbox"
	"github.com/pantomime-dev/pantomime/token"
)

// switchesOf are a sandbox's choices of what is not public about this wire
// (docs/wire/mdes.md "Not public"); without a sandbox those of the default
// profile.
func switchesOf(box *sandbox.Sandbox) *scenarios.MastercardSwitches {
	if box == nil {
		usual := scenarios.DefaultSwitches(scenarios.ProfileDefault)
		return &usual.Mastercard
	}
	return &box.Switches().Mastercard
}

func (r *request) switches() *scenarios.MastercardSwitches { return switchesOf(r.World) }

// leniency is where this face follows careless clients.
func (r *request) leniency() mdes.Leniency {
	s := r.switches()
	return mdes.Leniency{SingleReference: s.SingleReference, UnknownFields: s.UnknownMembers, JWE: s.JWE, Loose: !s.ExactFields}
}

// gatewayStatuses are those that reports differ about.
func (r *request) gatewayStatuses() mdes.GatewayStatuses {
	s := r.switches()
	return mdes.GatewayStatuses{Signature: s.SignatureStatus, Parameter: s.ParameterStatus}
}

// status is the HTTP status of a refusal: what the matched rule says, else for
// an application error what the sandbox has set for its code, the code's own,
// and what it has set for all (docs/wire/mdes.md "Errors").
func (r *request) status(f *refusal) int {
	s := r.switches()
	switch {
	case r.Plan.Status != 0:
		return r.Plan.Status
	case f.gateway == nil:
		return cmp.Or(s.ErrorStatuses[token.Key(f.code)], f.status, s.ErrorStatus, http.StatusOK)
	case f.code == mdes.GatewayAuthenticationFailed:
		return cmp.Or(s.SignatureStatus, f.status)
	case f.code == mdes.GatewayInvalidBodyHash:
		return cmp.Or(s.ParameterStatus, f.status)
	}
	return f.status
}

package mdes

import (
	"context"
	"net/http"

	"github.com/pantomime-dev/pantomime/clock"
	"github.com/pantomime-dev/pantomime/harness"
	"github.com/pantomime-dev/pantomime/harness/request"
	"github.com/pantomime-dev/pantomime/mdes"
)

var probe = request.Probe("mastercard.consumerKey and signingKey", func(ctx context.Context, t harness.Target, via *http.Client) error {
	client, err := t.Mastercard.Client(clock.Real(), via)
	if err == nil {
		_, err = client.GetToken(ctx, unknownRef, false)
	}
	return err
}, func(e *mdes.Error) bool {
	return e.Application == nil && (e.Status == http.StatusUnauthorized || e.Status == http.StatusForbidden)
})

package vts

import (
	"context"
	"net/http"

	"github.com/pantomime-dev/pantomime/clock"
	"github.com/pantomime-dev/pantomime/harness"
	"github.com/pantomime-dev/pantomime/harness/request"
	"github.com/pantomime-dev/pantomime/vts"
)

var probe = request.Probe("visa.signing", func(ctx context.Context, t harness.Target, via *http.Client) error {
	client, err := t.Visa.Client(clock.Real(), via)
	if err == nil {
		_, err = client.GetToken(ctx, "22222222222222222222222222222222") // which no check asks for, so none sends this x-pay-token again
	}
	return err
}, func(e *vts.Error) bool { return e.Status == http.StatusUnauthorized })

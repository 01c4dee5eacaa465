package mdes

import (
	"context"
	"errors"
	"fmt"
	"net/http"

	"github.com/pantomime-dev/pantomime/clock"
	"github.com/pantomime-dev/pantomime/harness"
	"github.com/pantomime-dev/pantomime/mdes"
)

// probe asks, well signed, for a token that nobody has. Whom the target does not
// know by signature it tells nothing else, so no check could judge it.
func probe(ctx context.Context, t harness.Target, via *http.Client) error {
	client, err := t.Mastercard.Client(clock.Real(), via)
	if err != nil {
		return err
	}
	_, err = client.GetToken(ctx, nobody, false)
	var e *mdes.Error
	if errors.As(err, &e) && e.Application == nil && (e.Status == http.StatusUnauthorized || e.Status == http.StatusForbidden) {
		return fmt.Errorf("%w: %w; is it mastercard.consumerKey and signingKey, or the clock of this machine?", harness.ErrStranger, err)
	}
	return err
}

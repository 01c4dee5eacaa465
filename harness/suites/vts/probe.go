package vts

import (
	"context"
	"errors"
	"fmt"
	"net/http"

	"github.com/pantomime-dev/pantomime/clock"
	"github.com/pantomime-dev/pantomime/harness"
	"github.com/pantomime-dev/pantomime/vts"
)

// probe asks, well signed, for a token that nobody has. Whom the target does not
// know by signature it tells nothing else, so no check could judge it.
func probe(ctx context.Context, t harness.Target, via *http.Client) error {
	client, err := t.Visa.Client(clock.Real(), via)
	if err != nil {
		return err
	}
	_, err = client.GetToken(ctx, "00000000000000000000000000000000")
	var e *vts.Error
	if errors.As(err, &e) && e.Status == http.StatusUnauthorized {
		return fmt.Errorf("%w: %w; is it visa.signing, or the clock of this machine?", harness.ErrStranger, err)
	}
	return err
}

package clock

import (
	"context"
	"time"
)

// Part is a context that ends after so many parts of the time that ctx has left,
// so that what follows has the rest. Of a context without an end it is all.
func Part(ctx context.Context, parts, of int) (context.Context, context.CancelFunc) {
	end, ends := ctx.Deadline()
	if !ends {
		return context.WithCancel(ctx)
	}
	return context.WithTimeout(ctx, time.Until(end)*time.Duration(parts)/time.Duration(of))
}

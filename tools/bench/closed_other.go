//go:build !unix

package main

import (
	"context"
	"errors"
	"time"
)

func (*gun) fire(context.Context, time.Duration, int) (int, time.Duration, error) {
	return 0, 0, errors.ErrUnsupported
}

package mdes_test

import (
	"testing"

	"github.com/pantomime-dev/pantomime/harness/suites/mdes"
	"github.com/pantomime-dev/pantomime/internal/simulated"
)

func TestSimulator(t *testing.T) { simulated.Judge(t, mdes.Suite(), "M-ERR-") }

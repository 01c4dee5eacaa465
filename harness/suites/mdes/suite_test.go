package mdes_test

import (
	"testing"

	"github.com/pantomime-dev/pantomime/harness/simulated"
	"github.com/pantomime-dev/pantomime/harness/suites/mdes"
)

func TestSimulator(t *testing.T) { simulated.Judge(t, mdes.Suite(), "M-ERR-") }

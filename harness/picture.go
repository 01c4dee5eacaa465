package harness

import (
	"bytes"
	"encoding/base64"
	"fmt"
	"image/png"
	"strconv"

	"github.com/onsi/ginkgo/v2"
)

// MustBePNG fails the check unless base64 text is a PNG of the size that the
// answer says.
func MustBePNG(encoded, width, height string) {
	ginkgo.GinkgoHelper()
	raw, err := base64.StdEncoding.DecodeString(encoded)
	if err != nil {
		ginkgo.Fail("the picture is no base64: " + err.Error())
	}
	picture, err := png.DecodeConfig(bytes.NewReader(raw))
	if err != nil {
		ginkgo.Fail("the picture is no PNG: " + err.Error())
	}
	if strconv.Itoa(picture.Width) != width || strconv.Itoa(picture.Height) != height {
		ginkgo.Fail(fmt.Sprintf("the picture is %d by %d; its answer reports %s by %s", picture.Width, picture.Height, width, height))
	}
}

package server

import (
	"encoding/base64"
	"strconv"

	"github.com/pantomime-dev/pantomime/mdes"
	"github.com/pantomime-dev/pantomime/simulator/face"
	"github.com/pantomime-dev/pantomime/token"
)

// readContent needs nothing but the id in the path.
func readContent(*request) *refusal { return nil }

// answerContent gives card art, a logo or a text by its id, under which it never
// changes (docs/wire/mdes.md "Operations").
func answerContent(r *request) (face.Answer, *refusal) {
	asset, ok := r.World.Asset(r.id())
	if !ok {
		return face.Answer{}, refusalOf(token.Refuse(token.UnknownAsset, "no asset has this id"))
	}
	content := mdes.MediaContent{Type: asset.MIME, Data: base64.StdEncoding.EncodeToString(asset.Data)}
	if asset.Height > 0 {
		content.Height, content.Width = mdes.LooseString(strconv.Itoa(asset.Height)), mdes.LooseString(strconv.Itoa(asset.Width))
	}
	return face.Answer{Body: mdes.AssetResponse{MediaContents: []mdes.MediaContent{content}}}, nil
}

package server

import (
	"encoding/base64"

	"github.com/pantomime-dev/pantomime/simulator/face"
	"github.com/pantomime-dev/pantomime/token"
	"github.com/pantomime-dev/pantomime/vts"
)

// readContent needs nothing but the id in the path.
func readContent(*request) *refusal { return nil }

// answerContent gives out art and terms. The assets of other networks have
// ids of another form.
func answerContent(r *request) (face.Answer, *refusal) {
	asset, ok := r.World.Asset(r.id())
	if !ok || !vts.ValidID(r.id()) {
		return face.Answer{}, refusalOf(token.Refuse(token.UnknownAsset, "no content has this id"))
	}
	content := contentOf(asset.AssetInfo)
	content.EncodedData = base64.StdEncoding.EncodeToString(asset.Data)
	return face.Answer{Body: vts.ContentResponse{
		AltText: asset.AltText, ContentType: string(asset.Kind), Content: []vts.Content{content},
	}}, nil
}

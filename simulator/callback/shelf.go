package callback

// pageSize is how many deliveries are kept together.
const pageSize = 1024

// shelf keeps deliveries in the order in which they were made, each at its own
// place for good. What is there never changes: a delivery that goes on is
// another value at its place. So a reader holds on to what it took.
type shelf struct {
	pages [][]*Delivery
	gone  uint32 // pages at the front that are empty by now
	next  uint32 // place of the next one
	first uint32 // no place before it holds anything
}

// add puts a delivery at the next place.
func (s *shelf) add(d *Delivery) (place uint32) {
	if s.next%pageSize == 0 {
		s.pages = append(s.pages, make([]*Delivery, 0, pageSize))
	}
	last := &s.pages[len(s.pages)-1]
	*last = append(*last, d)
	s.next++
	return s.next - 1
}

// at is the cell of a place.
func (s *shelf) at(place uint32) **Delivery {
	return &s.pages[place/pageSize-s.gone][place%pageSize]
}

// clear empties a place, and lets go of pages that hold nothing any more.
func (s *shelf) clear(place uint32) {
	*s.at(place) = nil
	for s.first < s.next && *s.at(s.first) == nil {
		s.first++
		if s.first%pageSize == 0 {
			s.pages, s.gone = s.pages[1:], s.gone+1
		}
	}
}

// between copies the deliveries of up to a page of places, newest first: those
// below end and not below begin. It says where to go on; begin is the end of it.
func (s *shelf) between(begin, end uint32) (list []*Delivery, next uint32) {
	end, first := min(end, s.next), max(begin, s.first)
	for n := 0; n < pageSize && end > first; n++ {
		end--
		if d := *s.at(end); d != nil {
			list = append(list, d)
		}
	}
	if end <= first {
		return list, begin
	}
	return list, end
}

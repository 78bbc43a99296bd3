"""OneDoor 一扇门: the working system of a county's government service centre (政务服务中心)."""

import { Link } from 'react-router';
import { Notice } from '../frame/Notice';

export function NotFound() {
  return (
    <Notice look="unknown" title="There is no such page">
      <p>
        <Link to="/">Back to the overview</Link>
      </p>
    </Notice>
  );
}
